"""What if (假设试算): what a teacher's year would come to with more points exchanged, more hours earned."""
