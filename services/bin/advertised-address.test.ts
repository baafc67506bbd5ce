import type { NetworkInterfaceInfo } from "node:os";
import { expect, it } from "vitest";
import { advertisedAddress } from "./advertised-address";

const at = (address: string, internal: boolean): NetworkInterfaceInfo[] => [
  { address, internal, family: "IPv4", netmask: "255.255.255.0", mac: "00:00:00:00:00:00", cidr: null },
];
const interfaces = { lo: at("127.0.0.1", true), eth0: at("192.168.1.20", false) };
const address = (host: string, advertise = "", found = interfaces as Record<string, NetworkInterfaceInfo[]>) =>
  advertisedAddress({ host, port: 7001, advertise, interfaces: found });

it.each([
  ["127.0.0.1", "", "127.0.0.1:7001"],
  ["192.168.1.20", "", "192.168.1.20:7001"],
  ["fd00::2", "", "[fd00::2]:7001"],
  ["0.0.0.0", "", "192.168.1.20:7001"],
  ["::", "", "192.168.1.20:7001"],
  ["0.0.0.0", "speech.lan:9000", "speech.lan:9000"],
])("[RG99] bound to %s, configured %j: %s", (host, advertise, expected) => {
  expect(address(host, advertise)).toBe(expected);
});

it.each(["0.0.0.0:7001", "[::]:7001", "speech.lan", "http://speech.lan:7001", "speech.lan:0", "speech.lan:99999"])(
  "[RG99] %s is refused, because nobody could reach it",
  (advertise) => {
    expect(() => address("0.0.0.0", advertise)).toThrow(/others can reach/);
  },
);

it("[RG99] a computer without a network says what to do", () => {
  expect(() => address("0.0.0.0", "", { lo: at("127.0.0.1", true) })).toThrow(/--advertise/);
});
