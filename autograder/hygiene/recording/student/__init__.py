"""What the student calls things, and where: the names of tensors, and which frames are the student's."""
