"""What a provider author writes in: types, values, kinds, declarations, diagnostics."""
