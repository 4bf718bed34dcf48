"""What is known of platforms that no flow visits, and of the settings a flow does not know."""
