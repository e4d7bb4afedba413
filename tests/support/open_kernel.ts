/**
 * Opens what stays open as long as the process lives, before the first test is watched for leaks.
 *
 * @module
 */

import { kernel } from "../../src/sys/kernel.ts";

kernel();
