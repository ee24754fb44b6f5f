"""What a student and a teacher read: text, pages, written answers."""
