package dev.cultivar.report;

/// How a report looks: one style sheet, inside the page, for screens wide and narrow, light and dark, and for paper.
final class Style {

    private Style() {}

    /// The colours c0 to c7 keep apart for the common kinds of colour blindness and in grey (after Okabe and Ito, 2008,
    /// darkened to stand out on white).
    static final String SHEET = """
            :root {
              color-scheme: light dark;
              --paper: #ffffff; --ink: #1b1f24; --quiet: #59636e; --rule: #d4d9de; --faint: #eceff2; --panel: #f6f8fa;
              --accent: #0a5a96; --right: #0068a8; --wrong: #c8500a; --on: #ffffff;
              --c0: #0068a8; --c1: #c8500a; --c2: #008058; --c3: #a03c8c; --c4: #a87400; --c5: #3d94d6; --c6: #5c6670; --c7: #8a1f3d;
            }
            @media (prefers-color-scheme: dark) {
              :root {
                --paper: #14171b; --ink: #e4e8ec; --quiet: #9aa5b0; --rule: #3a424b; --faint: #252b32; --panel: #1c2127;
                --accent: #7cc0f2; --right: #5cb3f0; --wrong: #f59a5c; --on: #10151a;
                --c0: #5cb3f0; --c1: #f59a5c; --c2: #3fc79a; --c3: #e08bd0; --c4: #e3b94a; --c5: #a8dcff; --c6: #b0b8c0; --c7: #f08aa8;
              }
            }
            * { box-sizing: border-box; }
            html { -webkit-text-size-adjust: 100%; }
            body {
              margin: 0; background: var(--paper); color: var(--ink);
              font: 1.0625rem/1.6 Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", Georgia, "Liberation Serif", serif;
            }
            main { max-width: 60rem; margin: 0 auto; padding: 3.5rem 1.5rem 3rem; }
            header { border-bottom: 2px solid var(--ink); padding-bottom: 1.1rem; margin-bottom: 1.5rem; }
            h1 { font-size: 2.2rem; line-height: 1.15; margin: 0; letter-spacing: -0.01em; overflow-wrap: anywhere; }
            h2 { font-size: 1.4rem; line-height: 1.25; margin: 3rem 0 0.8rem; }
            h3 { font-size: 1.1rem; line-height: 1.3; margin: 2rem 0 0.5rem; }
            p { margin: 0 0 1rem; max-width: 42rem; overflow-wrap: anywhere; }
            .subtitle { color: var(--quiet); margin: 0.5rem 0 0; font-size: 1.1rem; }
            nav, table, figure, dl, pre, summary, figcaption, .caption, .note, footer {
              font-family: -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
            }
            nav { font-size: 0.875rem; display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; margin-bottom: 2rem; }
            a { color: var(--accent); text-decoration: none; }
            a:hover { text-decoration: underline; }
            figure { margin: 1.8rem 0 2.2rem; }
            img.pixels { image-rendering: pixelated; min-width: 50%; max-width: 100%; }
            img.framed { image-rendering: pixelated; display: block; width: 13rem; max-width: 100%; border: 1px solid var(--rule); }
            .beside { display: flex; flex-wrap: wrap; gap: 0.9rem 1.1rem; margin-top: 0.9rem; } .beside .note { margin: 0 0 0.2rem; }
            svg.part { border: 1px solid var(--rule); shape-rendering: crispEdges; }
            .shaded { font-size: 1rem; line-height: 1.3; display: flex; flex-wrap: wrap; gap: 0.35rem 0.15rem; max-width: none; }
            .shaded span { padding: 0.15rem 0.4rem; border-radius: 3px; text-align: center; white-space: pre;
              background: color-mix(in srgb, var(--right) calc(var(--share) * 0.55), transparent); }
            .shaded small { display: block; font-size: 0.6875rem; opacity: 0.75; font-variant-numeric: tabular-nums; }
            .card { display: flex; flex-wrap: wrap; gap: 0.8rem 1.6rem; align-items: center; padding: 0.9rem 0; border-top: 1px solid var(--faint); }
            .views { display: flex; gap: 0.7rem; max-width: 100%; } .view { flex: 0 1 8.5rem; min-width: 0; width: 8.5rem; } .view img { width: 100%; min-width: 0; display: block; border: 1px solid var(--rule); }
            .view .note { margin-top: 0.3rem; } .card dl { flex: 1 1 16rem; grid-template-columns: minmax(5.5rem, max-content) 1fr; gap: 0.2rem 1rem; }
            h2 + figure, h3 + figure { margin-top: 0.9rem; }
            figcaption, .caption { font-size: 0.875rem; line-height: 1.45; margin: 0 0 0.7rem; text-align: left; max-width: 46rem; }
            figcaption b, .caption b { margin-right: 0.4em; }
            .note { font-size: 0.8125rem; line-height: 1.45; color: var(--quiet); margin: 0.6rem 0 0; max-width: 46rem; }
            .scroll { overflow-x: auto; }
            .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
            table { border-collapse: collapse; min-width: 50%; font-size: 0.875rem; line-height: 1.4; font-variant-numeric: tabular-nums;
              border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink); }
            th { font-weight: 600; text-align: left; vertical-align: bottom; border-bottom: 1px solid var(--ink); }
            th, td { padding: 0.42rem 1.1rem 0.42rem 0; }
            th:last-child, td:last-child { padding-right: 0.2rem; }
            td { vertical-align: baseline; border-top: 1px solid var(--faint); }
            .number { text-align: right; white-space: nowrap; }
            th.number { white-space: normal; }
            td.best { font-weight: 700; }
            .detail { color: var(--quiet); font-weight: 400; font-size: 0.92em; margin-left: 0.35em; white-space: nowrap; }
            dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.3rem 1.5rem; margin: 0; font-size: 0.875rem; line-height: 1.45; }
            dt { color: var(--quiet); }
            dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
            pre { background: var(--panel); border: 1px solid var(--rule); border-radius: 4px; padding: 0.8rem 1rem; margin: 0.5rem 0 0; overflow-x: auto; }
            code { font: 0.8125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; tab-size: 4; }
            details, .code { margin: 0.7rem 0; }
            summary { cursor: pointer; font-size: 0.9375rem; color: var(--accent); }
            footer { border-top: 1px solid var(--rule); margin-top: 3.5rem; padding-top: 0.8rem; font-size: 0.8125rem; color: var(--quiet); }
            svg { overflow: visible; display: block; max-width: 100%; height: auto; fill: var(--ink); font: 12.5px -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; }
            svg.wide { width: 100%; } svg.narrow { display: none; width: 100%; } svg.matrix { max-width: none; margin: 0; }
            .label { fill: var(--quiet); } .small { font-size: 11px; } .tiny { font-size: 9.5px; } .small.on { fill: var(--on); }
            .grid { stroke: var(--rule); stroke-width: 0.75; } .axis { stroke: var(--quiet); stroke-width: 1; }
            .curve { fill: none; stroke: var(--k); stroke-width: 1.9; stroke-linejoin: round; stroke-linecap: round; }
            .noisy { stroke-width: 1.2; stroke-opacity: 0.7; }
            .dot { fill: var(--k); stroke: var(--paper); stroke-width: 1; }
            .tie { fill: none; stroke: var(--k); stroke-width: 1; stroke-dasharray: 1 3; }
            .dashed { stroke-dasharray: 6 4; } .dot.dashed { stroke-dasharray: none; }
            .name { font-weight: 600; fill: var(--k); }
            .bar { fill: var(--c0); fill-opacity: 0.35; } .whisker { fill: none; stroke: var(--c0); stroke-width: 1.6; } .value { font-weight: 600; }
            .ground { fill: none; stroke: var(--rule); } .right { fill: var(--right); } .wrong { fill: var(--wrong); }
            .c0 { --k: var(--c0); } .c1 { --k: var(--c1); } .c2 { --k: var(--c2); } .c3 { --k: var(--c3); }
            .c4 { --k: var(--c4); } .c5 { --k: var(--c5); } .c6 { --k: var(--c6); } .c7 { --k: var(--c7); }
            @media screen and (min-width: 641px) { svg.matrix { max-width: 100%; } }
            @media screen and (max-width: 640px) {
              main { padding: 1.6rem 1rem 2rem; }
              body { font-size: 1rem; } h1 { font-size: 1.7rem; } h2 { margin-top: 2.4rem; }
              svg.wide { display: none; } svg.narrow { display: block; }
              th, td { padding-right: 1rem; }
              td:first-child, th:first-child { position: sticky; left: 0; background: var(--paper); }
              dl { grid-template-columns: 1fr; gap: 0; } dt { margin-top: 0.5rem; }
              .card dl { grid-template-columns: minmax(5.5rem, max-content) 1fr; gap: 0.2rem 1rem; } .card dt { margin-top: 0; }
            }
            @page { size: A4; margin: 17mm 16mm 18mm; }
            @media print {
              :root {
                color-scheme: light;
                --paper: #ffffff; --ink: #000000; --quiet: #444c55; --rule: #c4cad0; --faint: #e2e6ea; --panel: #ffffff; --accent: #000000;
                --right: #0068a8; --wrong: #c8500a; --on: #ffffff;
                --c0: #0068a8; --c1: #c8500a; --c2: #008058; --c3: #a03c8c; --c4: #a87400; --c5: #3d94d6; --c6: #5c6670; --c7: #8a1f3d;
              }
              * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
              body { font-size: 10.5pt; line-height: 1.45; } main { max-width: none; padding: 0; }
              h1 { font-size: 22pt; } h2 { font-size: 14pt; margin-top: 1.6rem; } h3 { font-size: 11.5pt; }
              h2, h3, figcaption, .caption, summary { break-after: avoid; }
              figure, tr, dl, .card { break-inside: avoid; } figure.long { break-inside: auto; } thead { display: table-header-group; }
              p { orphans: 3; widows: 3; } nav { display: none; }
              figure { margin: 1.1rem 0 1.4rem; } svg.wide { width: 92%; }
              .scroll { overflow: visible; } svg.matrix { max-width: 100%; max-height: 235mm; }
              table { font-size: 8.3pt; min-width: 0; } th, td { padding-right: 0.75rem; }
              pre { white-space: pre-wrap; overflow-wrap: anywhere; overflow: visible; } code { font-size: 8.2pt; }
              details::details-content { content-visibility: visible; display: block; height: auto; } summary { list-style: none; }
            }
            """;
}
