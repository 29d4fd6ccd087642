"""The roster (名册): teachers, their schools and districts. Names stay here and in no journal."""
