import { because, type Case } from './case.ts';

const doc = (member: string) => `example or rule of the .NET documentation page of ${member}`;
const date = `new DateTime(2009, 6, 15, 13, 45, 30)`;

const transition = (month: number, hour: number) =>
  `TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, ${hour}, 0, 0), ${month}, 5, DayOfWeek.Sunday)`;
const rule = (from: number, to: number) =>
  `TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(new DateTime(${from}, 1, 1), new DateTime(${to}, 12, 31), TimeSpan.FromHours(1), ${transition(3, 2)}, ${transition(10, 3)})`;
const zone = `TimeZoneInfo.CreateCustomTimeZone("Mine", TimeSpan.FromHours(1), "(UTC+01:00) Mine", "Mine Standard", "Mine Daylight", new[] { ${rule(2000, 2030)} })`;

export const cases: readonly Case[] = [
  ...because(
    'documentation, "Standard date and time format strings" (its sample 2009-06-15T13:45:30), invariant culture',
    [
      [`@(${date}.ToString("d"))`, '06/15/2009'],
      [`@(${date}.ToString("D"))`, 'Monday, 15 June 2009'],
      [`@(${date}.ToString("f"))`, 'Monday, 15 June 2009 13:45'],
      [`@(${date}.ToString("F"))`, 'Monday, 15 June 2009 13:45:30'],
      [`@(${date}.ToString("g"))`, '06/15/2009 13:45'],
      [`@(${date}.ToString("G"))`, '06/15/2009 13:45:30'],
      [`@(${date}.ToString())`, '06/15/2009 13:45:30'],
      [`@(${date}.ToString("m"))`, 'June 15'],
      [`@(${date}.ToString("o"))`, '2009-06-15T13:45:30.0000000'],
      [`@(DateTime.SpecifyKind(${date}, DateTimeKind.Utc).ToString("o"))`, '2009-06-15T13:45:30.0000000Z'],
      [`@(DateTime.SpecifyKind(${date}, DateTimeKind.Local).ToString("O"))`, '2009-06-15T13:45:30.0000000+00:00'],
      [`@(${date}.ToString("r"))`, 'Mon, 15 Jun 2009 13:45:30 GMT'],
      [`@(${date}.ToString("s"))`, '2009-06-15T13:45:30'],
      [`@(${date}.ToString("t"))`, '13:45'],
      [`@(${date}.ToString("T"))`, '13:45:30'],
      [`@(${date}.ToString("u"))`, '2009-06-15 13:45:30Z'],
      [`@(${date}.ToString("U"))`, 'Monday, 15 June 2009 13:45:30'],
      [`@(${date}.ToString("y"))`, '2009 June'],
      [
        `@(${date}.ToString("x"))`,
        { throws: 'System.FormatException', message: 'Input string was not in a correct format.' },
      ],
    ],
  ),
  ...because('documentation, "Custom date and time format strings"', [
    [`@(${date}.ToString("yyyyMMddTHHmmssZ"))`, '20090615T134530Z'],
    [`@(${date}.ToString("yyyy'-'MM'-'dd'T'HH':'mm':'ss'Z'"))`, '2009-06-15T13:45:30Z'],
    [`@(${date}.ToString("ddd dd MMM yy"))`, 'Mon 15 Jun 09'],
    [`@(${date}.ToString("dddd, MMMM d"))`, 'Monday, June 15'],
    [`@(${date}.ToString("hh:mm tt"))`, '01:45 PM'],
    [`@(${date}.ToString("h:m:s t"))`, '1:45:30 P'],
    [`@(new DateTime(2009, 6, 15, 13, 45, 30, 617).ToString("ss.fff"))`, '30.617'],
    [`@(new DateTime(2009, 6, 15, 13, 45, 30, 500).ToString("ss.FFF"))`, '30.5'],
    [`@(${date}.ToString("ss.FFF"))`, '30'],
    [`@(${date}.ToString("%d"))`, '15'],
    [`@(${date}.ToString("d MMMM \\\\d"))`, '15 June d'],
    [`@(DateTime.SpecifyKind(${date}, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ssK"))`, '2009-06-15T13:45:30Z'],
    [`@(${date}.ToString("yyyy-MM-dd zzz"))`, '2009-06-15 +00:00'],
  ]),
  ...because(doc('DateTime members'), [
    [`@(new DateTime(2024, 2, 29).DayOfYear)`, 60],
    [`@(new DateTime(2024, 2, 29).DayOfWeek.ToString())`, 'Thursday'],
    [`@(new DateTime(2024, 2, 29).AddYears(1).ToString("yyyy-MM-dd"))`, '2025-02-28'],
    [`@(new DateTime(2024, 1, 31).AddMonths(1).ToString("yyyy-MM-dd"))`, '2024-02-29'],
    [`@(new DateTime(2024, 3, 31).AddMonths(-1).ToString("yyyy-MM-dd"))`, '2024-02-29'],
    [`@(new DateTime(2023, 12, 31).AddDays(1.5).ToString("s"))`, '2024-01-01T12:00:00'],
    [`@(new DateTime(2024, 1, 1).AddSeconds(0.5).Millisecond)`, 500],
    [`@((new DateTime(2024, 3, 1) - new DateTime(2024, 2, 1)).Days)`, 29],
    [`@((new DateTime(2024, 3, 1) - TimeSpan.FromHours(1)).ToString("s"))`, '2024-02-29T23:00:00'],
    [`@(new DateTime(2024, 1, 1) < new DateTime(2024, 1, 2))`, true],
    [`@(new DateTime(2024, 1, 1).CompareTo(new DateTime(2023, 1, 1)))`, 1],
    [`@(new DateTime(1970, 1, 1).Ticks)`, 621355968000000000n],
    [`@(DateTime.MaxValue.Ticks)`, 3155378975999999999n],
    [`@(DateTime.MaxValue.ToString("o"))`, '9999-12-31T23:59:59.9999999'],
    [`@(DateTime.DaysInMonth(2023, 2))`, 28],
    [`@(DateTime.IsLeapYear(1900))`, false],
    [`@(new DateTime(2024, 5, 6, 7, 8, 9).TimeOfDay.ToString())`, '07:08:09'],
    [`@(new DateTime(2024, 5, 6, 7, 8, 9).Date.ToString("s"))`, '2024-05-06T00:00:00'],
    [`@(DateTime.UtcNow.Kind.ToString())`, 'Utc'],
    [`@(DateTime.Now.Kind.ToString())`, 'Local'],
    [`@((DateTime.UtcNow - new DateTime(1970, 1, 1)).TotalSeconds > 1700000000)`, true],
    [
      `@(new DateTime(2023, 2, 29).ToString())`,
      {
        throws: 'System.ArgumentOutOfRangeException',
        message: 'Year, Month, and Day parameters describe an un-representable DateTime.',
      },
    ],
    [
      `@(DateTime.MaxValue.AddDays(1).ToString())`,
      {
        throws: 'System.ArgumentOutOfRangeException',
        message: 'The added or subtracted value results in an un-representable DateTime.',
      },
    ],
    [`@(default(DateTime) == DateTime.MinValue)`, true],
    [`@(new DateTime(2024, 2, 29).Equals((object)new DateTime(2024, 2, 29)))`, true],
  ]),
  ...because(doc('DateTime.Parse: invariant culture, local zone UTC'), [
    [`@(DateTime.Parse("2024-02-29T13:45:30").ToString("s"))`, '2024-02-29T13:45:30'],
    [`@(DateTime.Parse("2024-02-29T13:45:30Z").Kind.ToString())`, 'Local'],
    [`@(DateTime.Parse("2024-02-29T13:45:30Z").ToUniversalTime().ToString("o"))`, '2024-02-29T13:45:30.0000000Z'],
    [`@(DateTime.Parse("2024-02-29T13:45:30+02:00").ToString("o"))`, '2024-02-29T11:45:30.0000000+00:00'],
    [
      `@(DateTime.Parse("2024-02-29T13:45:30.1234567Z", null, DateTimeStyles.RoundtripKind).ToString("o"))`,
      '2024-02-29T13:45:30.1234567Z',
    ],
    [
      `@(DateTime.Parse("2024-02-29", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal).ToString("o"))`,
      '2024-02-29T00:00:00.0000000Z',
    ],
    [`@(DateTime.Parse("02/29/2024").ToString("yyyy-MM-dd"))`, '2024-02-29'],
    [`@(DateTime.Parse("2/3/24 1:05 PM").ToString("s"))`, '2024-02-03T13:05:00'],
    [`@(DateTime.Parse("12:00 AM").Hour)`, 0],
    [`@(DateTime.Parse("29 Feb 2024").ToString("yyyy-MM-dd"))`, '2024-02-29'],
    [`@(DateTime.Parse("February 29, 2024 10:11:12").ToString("s"))`, '2024-02-29T10:11:12'],
    [
      `@(DateTime.Parse("Thu, 29 Feb 2024 13:45:30 GMT").ToUniversalTime().ToString("r"))`,
      'Thu, 29 Feb 2024 13:45:30 GMT',
    ],
    [`@(DateTime.Parse("Feb 2024").ToString("yyyy-MM-dd"))`, '2024-02-01'],
    [`@(DateTime.Parse("2024/02/29 23:59:59").ToString("s"))`, '2024-02-29T23:59:59'],
    [
      `@(DateTime.Parse("31/12/2024").ToString())`,
      { throws: 'System.FormatException', message: 'String was not recognized as a valid DateTime.' },
    ],
    [`@(DateTime.Parse("2023-02-29").ToString())`, { throws: 'System.FormatException' }],
    [`@(DateTime.Parse("hello").ToString())`, { throws: 'System.FormatException' }],
    [`@(DateTime.Parse("Fri, 29 Feb 2024").ToString())`, { throws: 'System.FormatException' }],
    [`@{ DateTime d; return DateTime.TryParse("nope", out d) || d != DateTime.MinValue; }`, false],
  ]),
  ...because(doc('DateTime.ParseExact'), [
    [
      `@(DateTime.ParseExact("20240229", "yyyyMMdd", CultureInfo.InvariantCulture).ToString("s"))`,
      '2024-02-29T00:00:00',
    ],
    [`@(DateTime.ParseExact("29/02/2024 13:45", "dd/MM/yyyy HH:mm", null).ToString("s"))`, '2024-02-29T13:45:00'],
    [
      `@(DateTime.ParseExact("2024-02-29T13:45:30Z", "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal).ToString("o"))`,
      '2024-02-29T13:45:30.0000000Z',
    ],
    [
      `@(DateTime.ParseExact("2024-02-29T13:45:30.1230000Z", "o", null, DateTimeStyles.RoundtripKind).Kind.ToString())`,
      'Utc',
    ],
    [`@(DateTime.ParseExact("Thu, 29 Feb 2024 13:45:30 GMT", "R", null).Kind.ToString())`, 'Unspecified'],
    [
      `@(DateTime.ParseExact("1:05 pm", "h:mm tt", null, DateTimeStyles.NoCurrentDateDefault).ToString("HH:mm"))`,
      '13:05',
    ],
    [`@(DateTime.ParseExact("2024-2-9", "yyyy-M-d", null).Day)`, 9],
    [`@(DateTime.ParseExact("2024-02-29", "yyyy/MM/dd", null).ToString())`, { throws: 'System.FormatException' }],
    [`@(DateTime.ParseExact("5", new [] {"%d", "%M"}, null, DateTimeStyles.None).Day)`, 5],
    [
      `@{ DateTime d; return DateTime.TryParseExact("29-02-2023", "dd-MM-yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out d); }`,
      false,
    ],
  ]),
  ...because(doc('DateTimeOffset'), [
    [`@(DateTimeOffset.FromUnixTimeSeconds(0).ToString())`, '01/01/1970 00:00:00 +00:00'],
    [`@(DateTimeOffset.FromUnixTimeSeconds(1709214330).ToString("o"))`, '2024-02-29T13:45:30.0000000+00:00'],
    [`@(DateTimeOffset.FromUnixTimeMilliseconds(-1).ToUnixTimeSeconds())`, -1n],
    [`@(new DateTimeOffset(2024, 2, 29, 13, 45, 30, TimeSpan.FromHours(2)).ToUnixTimeSeconds())`, 1709207130n],
    [
      `@(new DateTimeOffset(2024, 2, 29, 13, 45, 30, TimeSpan.FromHours(2)).UtcDateTime.ToString("o"))`,
      '2024-02-29T11:45:30.0000000Z',
    ],
    [
      `@(new DateTimeOffset(2024, 2, 29, 13, 45, 30, TimeSpan.FromHours(2)).ToString("r"))`,
      'Thu, 29 Feb 2024 11:45:30 GMT',
    ],
    [`@(DateTimeOffset.Parse("2024-02-29T13:45:30-05:00").Offset.ToString())`, '-05:00:00'],
    [`@(DateTimeOffset.Parse("2024-02-29T13:45:30-05:00").ToUniversalTime().ToString("u"))`, '2024-02-29 18:45:30Z'],
    [`@(DateTimeOffset.Parse("2024-02-29T13:45:30Z") == DateTimeOffset.Parse("2024-02-29T15:45:30+02:00"))`, true],
    [
      `@(new DateTimeOffset(new DateTime(2024, 1, 1), TimeSpan.FromHours(15)).ToString())`,
      { throws: 'System.ArgumentOutOfRangeException', message: 'Offset must be within plus or minus 14 hours.' },
    ],
    [`@(DateTimeOffset.UtcNow.ToUnixTimeSeconds() > 1700000000)`, true],
    [`@((DateTimeOffset.UtcNow.AddMinutes(5) - DateTimeOffset.UtcNow).TotalMinutes > 4)`, true],
  ]),
  ...because(doc('TimeSpan'), [
    [`@(new TimeSpan(1, 2, 3, 4, 5).ToString())`, '1.02:03:04.0050000'],
    [`@(new TimeSpan(1, 2, 3).ToString("g"))`, '1:02:03'],
    [`@(new TimeSpan(1, 2, 3).ToString("G"))`, '0:01:02:03.0000000'],
    [`@(new TimeSpan(0, 90, 0).ToString("hh\\\\:mm"))`, '01:30'],
    // A backslash escapes inside of quotes too ("Custom TimeSpan format strings").
    [`@(new TimeSpan(1, 2, 3).ToString("h'o\\\\'clock'"))`, "1o'clock"],
    [`@(new TimeSpan(3, 17, 25, 30, 500).ToString("d'd 'hh'h 'mm'm 'ss's'"))`, '3d 17h 25m 30s'],
    [`@(TimeSpan.FromMinutes(90).TotalHours)`, 1.5],
    [`@(TimeSpan.FromSeconds(90.5).Milliseconds)`, 500],
    [`@(TimeSpan.FromDays(1).Negate().ToString())`, '-1.00:00:00'],
    [`@(TimeSpan.Parse("1.02:03:04").TotalSeconds)`, 93784],
    [`@(TimeSpan.Parse("6").Days)`, 6],
    [`@(TimeSpan.Parse("6:12").TotalMinutes)`, 372],
    [`@(TimeSpan.Parse("0:0:1.5").Milliseconds)`, 500],
    [`@(TimeSpan.Parse("6:12:14:45").ToString())`, '6.12:14:45'],
    [`@(TimeSpan.Parse("24:00").ToString())`, { throws: 'System.OverflowException' }],
    [`@(TimeSpan.Parse("24:00:00").ToString())`, '24.00:00:00'],
    [`@(TimeSpan.Parse("01:02:03").ToString())`, '01:02:03'],
    [`@(TimeSpan.Parse("-3.17:25:30.5").ToString())`, '-3.17:25:30.5000000'],
    [`@(TimeSpan.Parse("01:02:60").ToString())`, { throws: 'System.OverflowException' }],
    [
      `@(TimeSpan.Parse("x").ToString())`,
      { throws: 'System.FormatException', message: 'String was not recognized as a valid TimeSpan.' },
    ],
    [`@(TimeSpan.ParseExact("01:30", "hh\\\\:mm", null).TotalMinutes)`, 90],
    [`@((TimeSpan.FromHours(1) + TimeSpan.FromMinutes(30)).ToString())`, '01:30:00'],
    [`@(TimeSpan.FromHours(1) > TimeSpan.FromMinutes(30))`, true],
    [`@(TimeSpan.MaxValue.ToString())`, '10675199.02:48:05.4775807'],
    [`@(TimeSpan.TicksPerSecond)`, 10000000n],
  ]),
  ...because('IANA time zone database: Berlin is UTC+1, and UTC+2 from the last Sunday of March to that of October', [
    [
      `@(TimeZoneInfo.ConvertTimeFromUtc(new DateTime(2024, 7, 1, 12, 0, 0), TimeZoneInfo.FindSystemTimeZoneById("W. Europe Standard Time")).ToString("s"))`,
      '2024-07-01T14:00:00',
    ],
    [
      `@(TimeZoneInfo.ConvertTimeFromUtc(new DateTime(2024, 1, 1, 12, 0, 0), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ToString("s"))`,
      '2024-01-01T13:00:00',
    ],
    [
      `@(TimeZoneInfo.ConvertTimeToUtc(new DateTime(2024, 7, 1, 14, 0, 0), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ToString("o"))`,
      '2024-07-01T12:00:00.0000000Z',
    ],
    [`@(TimeZoneInfo.FindSystemTimeZoneById("Eastern Standard Time").BaseUtcOffset.ToString())`, '-05:00:00'],
    [
      `@(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc), "Pacific Standard Time").ToString("s"))`,
      '2023-12-31T16:00:00',
    ],
    [
      `@(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin").IsInvalidTime(new DateTime(2024, 3, 31, 2, 30, 0)))`,
      true,
    ],
    [`@(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin").IsDaylightSavingTime(new DateTime(2024, 7, 1)))`, true],
    [
      `@(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin").GetUtcOffset(new DateTime(2024, 10, 27, 2, 30, 0)).Hours)`,
      1,
    ],
    [`@(TimeZoneInfo.Utc.Id)`, 'UTC'],
    [`@(TimeZoneInfo.Local.BaseUtcOffset.Ticks)`, 0n],
    [
      `@(TimeZoneInfo.FindSystemTimeZoneById("Nowhere/At").Id)`,
      {
        throws: 'System.TimeZoneNotFoundException',
        message: "The time zone ID 'Nowhere/At' was not found on the local computer.",
      },
    ],
    [
      `@(TimeZoneInfo.ConvertTimeToUtc(new DateTime(2024, 3, 31, 2, 30, 0), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ToString())`,
      { throws: 'System.ArgumentException', message: 'The supplied DateTime represents an invalid time.' },
    ],
  ]),
  ...because('.NET documentation: TimeZoneInfo.AdjustmentRule, TransitionTime and CreateCustomTimeZone', [
    [
      `@(TimeZoneInfo.ConvertTimeFromUtc(new DateTime(2024, 7, 1, 12, 0, 0), ${zone}).ToString("s"))`,
      '2024-07-01T14:00:00',
    ],
    [
      `@(TimeZoneInfo.ConvertTimeFromUtc(new DateTime(2024, 1, 1, 12, 0, 0), ${zone}).ToString("s"))`,
      '2024-01-01T13:00:00',
    ],
    [
      `@(TimeZoneInfo.ConvertTimeFromUtc(new DateTime(1999, 7, 1, 12, 0, 0), ${zone}).ToString("s"))`,
      '1999-07-01T13:00:00',
    ],
    [`@(${zone}.IsInvalidTime(new DateTime(2024, 3, 31, 2, 30, 0)))`, true],
    [`@(${zone}.IsAmbiguousTime(new DateTime(2024, 10, 27, 2, 30, 0)))`, true],
    [`@(${zone}.IsDaylightSavingTime(new DateTime(2024, 7, 1)))`, true],
    [
      `@(${zone}.ToString() + ${zone}.StandardName + ${zone}.DaylightName)`,
      '(UTC+01:00) MineMine StandardMine Daylight',
    ],
    [`@(${zone}.GetAdjustmentRules()[0].DaylightTransitionStart.Month)`, 3],
    [`@(${zone}.GetAdjustmentRules().Single().DaylightTransitionEnd == ${transition(10, 3)})`, true],
    [`@(${zone.replace(' })', ' }, true)')}.SupportsDaylightSavingTime)`, false],
    [`@(TimeZoneInfo.CreateCustomTimeZone("Mine", new TimeSpan(5, 45, 0), "d", "s").BaseUtcOffset)`, '05:45:00'],
    [
      '@{ TimeZoneInfo.TransitionTime t = TimeZoneInfo.TransitionTime.CreateFixedDateRule(DateTime.MinValue, 12, 24); return t.IsFixedDateRule && t.Day == 24; }',
      true,
    ],
    [
      '@(TimeZoneInfo.FindSystemTimeZoneById("Eastern Standard Time").GetAdjustmentRules().Last().DaylightTransitionStart.Week)',
      2,
    ],
    [
      '@(TimeZoneInfo.FindSystemTimeZoneById("Eastern Standard Time").GetAdjustmentRules().Last().DaylightDelta)',
      '01:00:00',
    ],
    ['@(TimeZoneInfo.FindSystemTimeZoneById("Eastern Standard Time").DaylightName)', 'Eastern Daylight Time'],
    [
      '@(TimeZoneInfo.CreateCustomTimeZone("Mine", TimeSpan.FromHours(15), "d", "s"))',
      {
        throws: 'System.ArgumentOutOfRangeException',
        message: 'The TimeSpan parameter must be within plus or minus 14.0 hours.',
      },
    ],
    ['@(TimeZoneInfo.CreateCustomTimeZone("", TimeSpan.Zero, "d", "s"))', { throws: 'System.ArgumentException' }],
    [
      `@(${zone.replace('new[] {', `new[] { ${rule(2010, 2011)},`)})`,
      {
        throws: 'System.InvalidTimeZoneException',
        message: 'The elements of the AdjustmentRule array must be in chronological order',
      },
    ],
    [
      '@(TimeZoneInfo.TransitionTime.CreateFixedDateRule(DateTime.MinValue, 13, 1))',
      {
        throws: 'System.ArgumentOutOfRangeException',
        message: 'The Month parameter must be in the range 1 through 12.',
      },
    ],
    [
      '@(TransitionTime.CreateFixedDateRule(DateTime.MinValue, 1, 1))',
      { refused: "The name 'TransitionTime' does not exist" },
    ],
  ]),
];
