"""What a student got wrong, in boxes until it was right four times: behind `utils.review`."""
