"""The test suite; a package, so that tests share code by plain imports (``tests.factories``)."""
