import { expect, test } from "vitest";
import { hashOf, routeOf, ROUTES, titleOf } from "./routes";

test("every screen is found again by its address", () => {
  for (const route of ROUTES) expect(routeOf(hashOf(route))).toBe(route);
});

test("an address below a screen belongs to the screen", () => {
  expect(routeOf("#/fleet/den")).toBe("fleet");
});

test("an unknown address, a token and none at all lead to the conversation", () => {
  for (const hash of ["", "#", "#/", "#/nowhere", "#token=a", "#fleet"]) expect(routeOf(hash)).toBe("talk");
});

test("a title says the screen before the program, which tabs cut off", () => {
  expect(titleOf("fleet")).toBe("Fleet · Parley");
});
