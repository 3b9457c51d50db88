// The second half of `npm run build`: the terminal program, into dist-cli.
import { bundleCli } from "./bundle.mjs";

await bundleCli();
