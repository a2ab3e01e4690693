"""The part of the constructs that runs in Node, beside the CDK, and how it gets there."""
