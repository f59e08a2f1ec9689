import { expect, it } from "vitest";

import { mergeHeaders } from "../src/http/headers.ts";

// The HTTP client folds letter case as well; a dry run shows what is made here.
it("merges groups without regard to letter case, later ones winning with their spelling", () => {
  const merged = mergeHeaders(
    { "X-One": "1", "content-type": "a" },
    undefined,
    { "x-ONE": "2" },
    { "Content-Type": "b" },
  );
  expect(merged).toEqual({ "x-ONE": "2", "Content-Type": "b" });
});

it("takes names of Object's own for names", () => {
  expect(Object.entries(mergeHeaders({ constructor: "a" }, { Constructor: "b" }))).toEqual([["Constructor", "b"]]);
});
