/// Calm, and the same on paper: one column of text, two colours, figures that line up.
enum PageStyle {
  static let text = #"""
    :root {
      --paper: #fbfaf6; --card: #ffffff; --ink: #20262b; --soft: #5c6670; --line: #dfdcd3;
      --accent: #2b6a72; --track: #e9e7df; --good: #2a6a48; --mild: #8a5a00; --bad: #a3242b;
      --tint: #2a6a48;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #15191c; --card: #1c2125; --ink: #e6e4de; --soft: #9aa4ac; --line: #323a40;
        --accent: #6fb3bb; --track: #2a3136; --good: #7cc49b; --mild: #e0b060; --bad: #ef8a8a;
      }
    }
    * { box-sizing: border-box; }
    html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
    body { margin: 0; font: 15px/1.5 system-ui, "Segoe UI", "Liberation Sans", "DejaVu Sans", sans-serif; }
    main { max-width: 1180px; margin: 0 auto; padding: 0 24px 64px; }
    h1, h2, .figures dd { font-family: Charter, "Bitstream Charter", "Iowan Old Style", Georgia, "Liberation Serif", serif; font-weight: 600; }
    h2 { font-size: 22px; margin: 48px 0 12px; line-height: 1.25; }
    code { font: 0.88em/1.4 ui-monospace, "Cascadia Mono", "Liberation Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
    small { color: var(--soft); font-size: 12.5px; }
    .number { text-align: right; font-variant-numeric: tabular-nums; }

    .verdict { padding: 56px 0 28px 24px; margin-top: 0; position: relative; }
    .verdict::before { content: ""; position: absolute; left: 0; top: 60px; bottom: 32px; width: 5px; border-radius: 3px; background: var(--tint); }
    .verdict.sound { --tint: var(--good); }
    .verdict.remarks, .verdict.incomplete { --tint: var(--mild); }
    .verdict.not_sound { --tint: var(--bad); }
    .verdict h1 { font-size: clamp(40px, 7vw, 64px); line-height: 1.05; margin: 6px 0 10px; color: var(--tint); letter-spacing: -0.01em; }
    .verdict p { margin: 0; }
    .verdict .of { color: var(--soft); }
    .verdict .of b { color: var(--ink); }
    .verdict .sentence { font-size: 18px; max-width: 60ch; }

    .figures { display: grid; grid-template-columns: repeat(5, minmax(90px, 1fr)) 2fr; gap: 1px; margin: 0; border: 1px solid var(--line); border-radius: 10px; background: var(--line); overflow: hidden; }
    .figures div { padding: 16px 20px; background: var(--card); min-width: 0; }
    .figures .found dd { color: var(--mild); }
    .figures .grave dd { color: var(--bad); }
    .day { white-space: nowrap; }
    .figures dt { color: var(--soft); font-size: 13px; }
    .figures dd { margin: 2px 0 0; font-size: 27px; line-height: 1.2; font-variant-numeric: tabular-nums lining-nums; }
    .figures .period dd { font-size: 22px; padding-top: 4px; }

    table { width: 100%; border-collapse: collapse; }
    caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    th, td { text-align: left; vertical-align: top; padding: 10px 14px 10px 0; border-bottom: 1px solid var(--line); }
    th.number, td.number { text-align: right; }
    thead th { font-size: 13px; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--soft); }
    .findings tbody th { width: 120px; text-transform: capitalize; }
    .findings .grave th { color: var(--bad); }
    .findings .mild th { color: var(--mild); }
    .findings ul { margin: 0; padding: 0; list-style: none; }
    .findings li { margin-bottom: 4px; }
    .findings summary { color: var(--accent); cursor: pointer; }
    .findings details ul { margin-top: 4px; }
    .findings th.number, .findings td.number { padding-right: 24px; width: 90px; }
    .findings .next { margin: 8px 0 4px; }

    .charts { display: grid; grid-template-columns: 2fr 1fr; gap: 24px; margin-top: 24px; }
    figure { margin: 0; padding: 16px 20px; border: 1px solid var(--line); border-radius: 10px; background: var(--card); min-width: 0; }
    figcaption { font-size: 13px; color: var(--soft); margin-bottom: 12px; }
    svg { display: block; width: 100%; height: auto; overflow: visible; }
    #recipients { max-width: 420px; }
    svg text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
    svg .name { fill: var(--ink); font-size: 14px; }
    svg .value { font-size: 14px; }
    svg .end { text-anchor: end; }
    svg .middle { text-anchor: middle; }
    svg .grid { stroke: var(--line); stroke-width: 1; }
    svg .bar { fill: var(--accent); }
    svg .track { fill: var(--track); }
    .note { color: var(--soft); margin: 8px 0 0; font-size: 13px; }

    form { display: flex; flex-wrap: wrap; gap: 12px 20px; align-items: end; margin: 0 0 8px; }
    form[hidden] { display: none; }
    label { font-size: 13px; color: var(--soft); display: grid; gap: 4px; }
    select, input, button { font: inherit; font-size: 15px; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 6px 10px; min-height: 38px; min-width: 130px; }
    button { cursor: pointer; min-width: 0; color: var(--accent); }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    #shown { color: var(--soft); margin: 12px 0 4px; }

    #archives tbody tr[hidden], #erasures tbody tr[hidden] { display: none; }
    #archives tbody tr { content-visibility: auto; }
    #archives small, #erasures small { display: block; overflow-wrap: anywhere; }
    #archives th.number, #archives td.number, #erasures th.number, #erasures td.number { padding-right: 26px; }
    #archives .when, #erasures .when { white-space: nowrap; font-variant-numeric: tabular-nums; }
    #archives .when small, #erasures .when small { display: inline; }
    #archives .archive, #archives .job { max-width: 190px; }
    #archives .fields { max-width: 300px; line-height: 1.7; }
    #archives .fields code { margin-right: 4px; white-space: nowrap; }
    #archives .from small, #erasures .from small { white-space: nowrap; }
    #archives td:last-child, #archives th:last-child, #erasures td:last-child, #erasures th:last-child { padding-right: 0; }
    #gone { color: var(--soft); margin: 12px 0 4px; }
    .badge { white-space: nowrap; }
    .badge::before { content: ""; display: inline-block; width: 8px; height: 8px; border-radius: 50%; margin-right: 7px; background: var(--good); }
    .badge.retired::before { background: var(--soft); }
    .badge.pending::before { background: var(--mild); }
    .badge.doubtful::before, .badge.missing::before { background: var(--bad); }
    .badge.doubtful, .badge.missing { color: var(--bad); font-weight: 600; }

    footer { margin-top: 56px; border-top: 1px solid var(--line); }
    footer h2 { margin-top: 28px; }
    footer dl { margin: 0; }
    footer dl div { display: grid; grid-template-columns: 150px 1fr; gap: 12px; padding: 4px 0; }
    footer dt { color: var(--soft); }
    footer dd { margin: 0; min-width: 0; }

    @media screen and (max-width: 860px) {
      .charts { grid-template-columns: 1fr; }
      .figures { grid-template-columns: repeat(3, 1fr); }
      .figures div { padding: 12px 14px; }
      .figures dd { font-size: 22px; }
      .figures .period dd { font-size: 17px; }
      main { padding: 0 16px 48px; }
      .verdict { padding: 36px 0 22px 18px; }
      .verdict::before { top: 40px; bottom: 26px; }
      .verdict .sentence { font-size: 17px; }
      #days text { font-size: 19px; }
      form { display: grid; grid-template-columns: 1fr 1fr; }
      form[hidden] { display: none; }
      select, input { width: 100%; min-width: 0; }
      button { grid-column: 1 / -1; }
      table, tbody, tr, td, th { display: block; }
      thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      #archives tbody tr, #erasures tbody tr, .findings tbody tr { border: 1px solid var(--line); border-radius: 10px; background: var(--card); padding: 10px 16px; margin-bottom: 12px; }
      #archives td, #erasures td { display: grid; grid-template-columns: 84px minmax(0, 1fr); gap: 0 12px; border: 0; padding: 3px 0; max-width: none; text-align: left; }
      #archives .archive, #archives .job, #archives .fields { max-width: none; }
      #archives td::before, #erasures td::before { content: attr(data-label); color: var(--soft); font-size: 13px; }
      .findings tbody th { width: auto; border: 0; font-size: 17px; padding: 2px 0; }
      .findings td { border: 0; padding: 3px 0; text-align: left; }
      .findings td.number { text-align: left; display: inline-block; width: auto; padding-right: 20px; }
      .findings td.number::after { content: " " attr(data-label); text-transform: lowercase; color: var(--soft); }
      footer dl div { grid-template-columns: 1fr; gap: 0; padding: 6px 0; }
    }

    @media print {
      @page { margin: 16mm 14mm; size: A4 landscape; }
      :root {
        --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #2b6a72; --track: #eee;
        --good: #1d5a39; --mild: #6d4700; --bad: #8c1a20;
      }
      body { font-size: 10pt; }
      main { max-width: none; padding: 0; }
      .verdict { padding: 0 0 14pt 14pt; }
      .verdict::before { top: 2pt; bottom: 16pt; }
      .verdict h1 { font-size: 34pt; }
      form, button { display: none !important; }
      h2 { margin-top: 20pt; break-after: avoid; }
      tr, figure, footer div { break-inside: avoid; }
      thead { display: table-header-group; break-after: avoid; }
      #shown { break-after: avoid; }
      #archives tbody tr:first-child { break-before: avoid; }
      #archives tbody tr { content-visibility: visible; }
      .badge::before, svg .bar, .verdict::before, svg .track { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      small { font-size: 8.5pt; }
      th, td { padding: 5pt 9pt 5pt 0; }
    }
    """#
}
