"""Floor 4: the commands. What a person types and sees; typer and rich are used nowhere else."""
