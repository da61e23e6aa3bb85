"""What the desk reads: figures, tasks, the trail. It is the top floor and may read every app."""
