"""HTTP of the roster: `teachers` in bodies and lists, `imports` of files; `rows` is the shape of both."""
