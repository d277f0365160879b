"""What `scrapy` offers in this project besides its own commands (COMMANDS_MODULE)."""
