"""How well an encoder ranks: captioned photos in, figures with their intervals out."""
