"""Floor 3: one module per verb. Each runs the rooms below in the order of the data, and writes the output folder."""
