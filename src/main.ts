/**
 * The command line's entry: `deno task lab …`.
 *
 * @module
 */

import { main } from "./cli/app.ts";

Deno.exit(await main(Deno.args));
