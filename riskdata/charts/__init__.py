"""What is drawn to be handed out: one function a chart, one look."""
