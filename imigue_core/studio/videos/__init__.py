"""A video's way: adding, probing, poses, what is known of it, how much of it is shown, removing and erasing."""
