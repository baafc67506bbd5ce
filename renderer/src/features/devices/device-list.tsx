import { useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import type { RankedDevice } from "../../audio/device-ranking";
import type { DeviceStore } from "../../audio/device-store";
import type { DeviceKind } from "../../audio/media-devices-port";
import { ArrowIcon, CrossIcon } from "./device-icons";

interface DeviceListProps {
  store: DeviceStore;
  kind: DeviceKind;
  devices: readonly RankedDevice[];
  /** What a conversation uses now. */
  activeId: string | undefined;
}

/** The person's order. Alt with an arrow key moves the row that has the focus. */
export function DeviceList({ store, kind, devices, activeId }: DeviceListProps) {
  const list = useRef<HTMLOListElement>(null);
  const [moved, setMoved] = useState<{ id: string; words: string }>();
  const focused = useRef<{ id: string; action: string } | undefined>(undefined);
  const inUse = activeId ?? devices.find(({ isPresent }) => isPresent)?.id;

  // A row that changes its place in the page loses the focus.
  useLayoutEffect(() => {
    const wanted = focused.current;
    focused.current = undefined;
    if (wanted === undefined) return;
    const buttons = list.current?.querySelectorAll<HTMLButtonElement>("button:not(:disabled)") ?? [];
    const own = [...buttons].filter(({ dataset }) => dataset["device"] === wanted.id);
    (own.find(({ dataset }) => dataset["action"] === wanted.action) ?? own.at(-1))?.focus();
  }, [devices]);

  const change = (device: RankedDevice, options: { action: string; toPlace: number; run: () => void }): void => {
    focused.current = { id: device.id, action: options.action };
    setMoved({ id: device.id, words: `${device.label}: place ${options.toPlace + 1} of ${devices.length}` });
    options.run();
  };
  const move = (at: number, step: -1 | 1): void => {
    const device = devices[at];
    if (device === undefined || devices[at + step] === undefined) return;
    change(device, {
      action: step < 0 ? "up" : "down",
      toPlace: at + step,
      run: () => store.move(kind, { id: device.id, step }),
    });
  };
  const onKeyDown = (event: KeyboardEvent, at: number): void => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(at, event.key === "ArrowUp" ? -1 : 1);
  };

  if (devices.length === 0) return null;
  return (
    <>
      <ol className="device-list" ref={list} aria-label={kind === "microphone" ? "Microphones" : "Speakers"}>
        {devices.map((device, at) => (
          <li
            key={device.id}
            className={device.id === inUse ? "device is-used" : "device"}
            data-present={device.isPresent}
            onKeyDown={(event) => onKeyDown(event, at)}
          >
            <div className="device-name">
              <span>{device.label}</span>
              <span className="device-state">{stateWords(device, { inUse, isActive: activeId !== undefined })}</span>
            </div>
            <div className="device-buttons">
              {device.isPresent && device.id !== inUse && (
                <button
                  type="button"
                  className="button-quiet"
                  data-device={device.id}
                  data-action="use"
                  aria-label={`Use ${device.label}`}
                  onClick={() =>
                    change(device, { action: "use", toPlace: 0, run: () => store.prefer(kind, device.id) })
                  }
                >
                  Use
                </button>
              )}
              {!device.isPresent && (
                <button
                  type="button"
                  className="button-quiet device-square"
                  aria-label={`Forget ${device.label}`}
                  title="Forget"
                  onClick={() => store.forget(kind, device.id)}
                >
                  <CrossIcon />
                </button>
              )}
              {([-1, 1] as const).map((step) => (
                <button
                  key={step}
                  type="button"
                  className="button-quiet device-square"
                  data-device={device.id}
                  data-action={step < 0 ? "up" : "down"}
                  aria-label={`${step < 0 ? "Move up" : "Move down"}: ${device.label}`}
                  title={step < 0 ? "Alt+↑" : "Alt+↓"}
                  disabled={devices[at + step] === undefined}
                  onClick={() => move(at, step)}
                >
                  <ArrowIcon isDown={step > 0} />
                </button>
              ))}
            </div>
          </li>
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {moved?.words}
      </p>
    </>
  );
}

function stateWords(device: RankedDevice, now: { inUse: string | undefined; isActive: boolean }): string {
  if (device.id === now.inUse) return now.isActive ? "In use" : "First choice";
  return device.isPresent ? "Next in line" : "Not connected";
}
