import type { ReactNode } from "react";

/** Decoration beside words; hidden from screen readers. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const MicIcon = () => (
  <Icon>
    <rect x="9" y="3" width="6" height="11" rx="3" />
    <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
  </Icon>
);

export const StopIcon = () => (
  <Icon>
    <rect className="icon-solid" x="5.5" y="5.5" width="13" height="13" rx="3" />
  </Icon>
);

export const SendIcon = () => (
  <Icon>
    <path d="M12 19V5.5M6 11l6-6 6 6" />
  </Icon>
);

export const HushIcon = () => (
  <Icon>
    <path d="M5 10v4h3l4.5 3.5v-11L8 10zM16.5 9.5l5 5M21.5 9.5l-5 5" />
  </Icon>
);

export const WaveMark = () => (
  <Icon>
    <path d="M4 9.5v5M9.3 5v14M14.6 8v8M20 10.5v3" />
  </Icon>
);

export const TalkIcon = () => (
  <Icon>
    <path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5z" />
  </Icon>
);

export const FleetIcon = () => (
  <Icon>
    <rect x="3.5" y="4" width="17" height="7" rx="2" />
    <rect x="3.5" y="13" width="17" height="7" rx="2" />
    <path d="M7.5 7.5h.01M7.5 16.5h.01" />
  </Icon>
);

export const DevicesIcon = () => (
  <Icon>
    <path d="M4 15v-3a8 8 0 0 1 16 0v3" />
    <rect x="3" y="14" width="4" height="6" rx="1.5" />
    <rect x="17" y="14" width="4" height="6" rx="1.5" />
  </Icon>
);

export const MicOffIcon = () => (
  <Icon>
    <path d="M9 9v2a3 3 0 0 0 4.6 2.5M15 10.5V6a3 3 0 0 0-5.8-1M5.5 11.5a6.5 6.5 0 0 0 10 5.4M18.4 12.5q.1-.5.1-1M12 18v3M4 4l16 16" />
  </Icon>
);

export const PauseIcon = () => (
  <Icon>
    <path d="M9 6v12M15 6v12" />
  </Icon>
);

export const PlayIcon = () => (
  <Icon>
    <path className="icon-solid" d="M8 5.5v13l10.5-6.5z" />
  </Icon>
);

export const PenIcon = () => (
  <Icon>
    <path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19z" />
  </Icon>
);

export const KeyboardIcon = () => (
  <Icon>
    <rect x="2.5" y="6" width="19" height="12" rx="2.5" />
    <path d="M6.5 10h.01M10 10h.01M14 10h.01M17.5 10h.01M8 14h8" />
  </Icon>
);

export const GaugeIcon = () => (
  <Icon>
    <path d="M4 17a8.5 8.5 0 1 1 16 0M12 14l3.5-4.5" />
  </Icon>
);

export const DownIcon = () => (
  <Icon>
    <path d="M12 5v13M6 12.5l6 6 6-6" />
  </Icon>
);

export const SettingsIcon = () => (
  <Icon>
    <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
    <circle cx="15" cy="7" r="2.2" />
    <circle cx="9" cy="17" r="2.2" />
  </Icon>
);

export const HistoryIcon = () => (
  <Icon>
    <path d="M4.5 12a7.5 7.5 0 1 0 2.2-5.3L4.5 9M4.5 4.5V9H9M12 8v4.2l2.8 1.8" />
  </Icon>
);

export const RecordIcon = () => (
  <Icon>
    <circle className="icon-solid" cx="12" cy="12" r="6" />
  </Icon>
);
