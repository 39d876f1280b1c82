import assert from "node:assert/strict";
import fc from "fast-check";
import { busiestWindow } from "../../../../tools/bench/capacity/busiest_window.ts";

Deno.test("the busiest window is the fullest of those that begin with something", () => {
  fc.assert(fc.property(fc.array(fc.nat(100)), fc.integer({ min: 1, max: 50 }), (moments, ms) => {
    const counts = moments.map((from) =>
      moments.filter((at) => at >= from && at < from + ms).length
    );
    assert.equal(busiestWindow(moments, ms), Math.max(0, ...counts));
  }));
});
