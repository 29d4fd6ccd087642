"""Rules of the what-if: wishes under the limits of real hours, and a year counted twice."""
