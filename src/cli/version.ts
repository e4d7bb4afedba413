/**
 * podlab's version: the one of deno.json.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };

/** As in `0.1.0`. */
export const VERSION: string = config.version;
