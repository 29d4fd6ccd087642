"""The transcripts room (成绩单): what a teacher's years came to, signed for who is to know it elsewhere."""
