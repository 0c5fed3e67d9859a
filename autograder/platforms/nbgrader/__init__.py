"""nbgrader's test cells: who asks for points, and who fills them in."""
