import { defineConnection } from "@stepwire/core";
import * as z from "zod";

import { WEB_API } from "../web-api/connection.ts";

/** A token, and nothing else. */
export const slack2Connection = defineConnection({ ...WEB_API, config: z.strictObject({}) });
