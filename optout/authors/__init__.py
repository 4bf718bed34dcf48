"""What somebody who writes a flow needs: a beginning, a second pair of eyes, and a proof."""
