"""Reviews (年度审核、抽查): who stands above looks at what a place registered, and no hour changes by it."""
