"""What Gradescope tells of a submission."""
