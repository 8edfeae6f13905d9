"""The window: everything that shows. Qt lives here and nowhere else."""
