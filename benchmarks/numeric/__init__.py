"""Is the generated code as fast as what an expert writes by hand, and faster than JAX? ``python -m benchmarks.numeric``"""
