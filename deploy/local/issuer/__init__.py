"""The local issuer (令牌签发): says who may do what, in signed tokens, for development and nothing else."""
