import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { HISTORY_MS, type RedisFigure, type RedisSample } from "./redis-history";

const HEIGHT_PX = 120;
const AXIS_FONT = "11px ui-sans-serif, system-ui, sans-serif";

interface TimeChartProps {
  samples: readonly RedisSample[];
  figure: RedisFigure;
  format: (value: number) => string;
}

/** Ten minutes of one figure, a dashed line at each restart. A picture only: the words beside it say the same. */
export function TimeChart({ samples, figure, format }: TimeChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const shown = useRef<readonly RedisSample[]>(samples);

  useEffect(() => {
    if (host.current === null) return;
    const element = host.current;
    const chart = new uPlot(
      createOptions(element, { format, restarts: () => shown.current.filter(({ isRestart }) => isRestart) }),
      [[], []],
      element,
    );
    plot.current = chart;
    const resizing = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    resizing.observe(element);
    const theme = window.matchMedia("(prefers-color-scheme: dark)");
    const redraw = (): void => chart.redraw();
    theme.addEventListener("change", redraw);
    return () => {
      theme.removeEventListener("change", redraw);
      resizing.disconnect();
      chart.destroy();
    };
  }, [format]);

  useEffect(() => {
    shown.current = samples;
    plot.current?.setData([samples.map(({ atMs }) => atMs / 1000), samples.map((sample) => sample[figure])]);
  }, [samples, figure, format]);

  return <div ref={host} className="time-chart" data-testid={`chart-${figure}`} aria-hidden="true" />;
}

interface ChartLook {
  format: (value: number) => string;
  restarts: () => readonly RedisSample[];
}

function createOptions(element: HTMLElement, { format, restarts }: ChartLook): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: () => colorOf(element, "--ink-2"),
    font: AXIS_FONT,
    grid: { stroke: () => colorOf(element, "--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 6, 0, 0],
    scales: {
      x: { range: (_, _min, max) => [(max || 0) - HISTORY_MS / 1000, max || 0] },
      y: { range: (_, _min, max) => [0, (max || 1) * 1.15] },
    },
    axes: [
      {
        ...axis,
        size: 24,
        space: 60,
        grid: { show: false },
        values: (_, seconds) => seconds.map((second) => clockTime(second * 1000)),
      },
      { ...axis, size: 66, space: 36, values: (_, values) => values.map((value) => format(value)) },
    ],
    series: [
      {},
      {
        stroke: () => colorOf(element, "--accent"),
        fill: () => colorOf(element, "--accent-soft"),
        width: 1.6,
        points: { show: false },
      },
    ],
    hooks: { draw: [(chart) => drawRestarts(chart, restarts(), colorOf(element, "--warn"))] },
  };
}

function drawRestarts(chart: uPlot, restarts: readonly RedisSample[], color: string): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = 2;
  ctx.setLineDash([5, 4]);
  for (const { atMs } of restarts) {
    const x = chart.valToPos(atMs / 1000, "x", true);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/** The theme's colour as a canvas understands it: `light-dark()` is resolved only in a property that is a colour. */
function colorOf(element: HTMLElement, token: string): string {
  element.style.setProperty("outline-color", `var(${token})`);
  return getComputedStyle(element).outlineColor;
}

export function clockTime(atMs: number): string {
  return new Date(atMs).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}
