"""What Gradescope tells of a submission; its format is written in :mod:`autograder.reports.results_json`."""
