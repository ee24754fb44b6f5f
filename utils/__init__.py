"""What the lessons import: pictures, data, a gradient check, test cells and widgets."""
