"""What the tables answer: links, changes, unfinished activities, findings."""
