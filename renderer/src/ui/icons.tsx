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
