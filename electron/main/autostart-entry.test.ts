import { expect, it } from "vitest";
import { autostartEntry } from "./autostart-entry";

it.each([
  ["/opt/Parley/parley", '"/opt/Parley/parley"'],
  ["/home/an user/Parley.AppImage", '"/home/an user/Parley.AppImage"'],
  ['/odd/100%$x"y`z', '"/odd/100%%\\\\$x\\\\"y\\\\`z"'],
  ["/back\\slash", '"/back\\\\\\\\slash"'],
])("%s is started as it is named", (program, exec) => {
  const lines = autostartEntry([program]).split("\n");
  expect(lines[0]).toBe("[Desktop Entry]");
  expect(lines).toContain(`Exec=${exec}`);
});
