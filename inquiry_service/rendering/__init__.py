"""From plain data to the letter: staff templates, Markdown, HTML, PDF. Knows no database and no web."""
