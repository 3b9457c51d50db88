// The worker behind completion and hovers in YAML: the package's own, under a name that the build finds.

import "monaco-yaml/yaml.worker.js";
