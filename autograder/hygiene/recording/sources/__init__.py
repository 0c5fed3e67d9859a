"""Where numbers come from: the graph behind a tensor, the gradients that flowed into one, the values themselves."""
