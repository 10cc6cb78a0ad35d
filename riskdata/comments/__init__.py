"""What a Swedish comment says of its activity."""
