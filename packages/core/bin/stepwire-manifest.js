#!/usr/bin/env node
import { main } from "../dist/cli/stepwire-manifest.js";

await main();
