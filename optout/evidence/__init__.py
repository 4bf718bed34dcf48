"""What a visit leaves behind: pictures, a record, and a manifest that both are whole."""
