package dev.procession.lab.sched;

import dev.procession.lab.sched.JobDraft.Field;
import dev.procession.sched.Job;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Jobs as lines {@code name,arrival,service[,priority]}; the first line may name the columns. */
final class CsvJobs {
    private static final String SHAPE = "name,arrival,service[,priority]";
    private static final Field[] NUMBERS = {Field.ARRIVAL, Field.SERVICE, Field.PRIORITY};
    private static final int MOST_FIELDS = 1 + NUMBERS.length;
    /** Longer numbers are left to BigDecimal. */
    private static final int QUICK_DIGITS = 9;

    private final byte[] text;
    private final JobDraft draft;
    private final JobList jobs = new JobList();
    /** Where the fields of the row begin and end, without the space around them. */
    private final int[] begins = new int[MOST_FIELDS];

    private final int[] ends = new int[MOST_FIELDS];

    private CsvJobs(byte[] text, JobDraft draft) {
        this.text = text;
        this.draft = draft;
    }

    static List<Job> read(byte[] text, JobDraft draft) {
        var reading = new CsvJobs(text, draft);
        reading.rows();
        return reading.jobs.jobs();
    }

    private void rows() {
        int row = 0;
        for (int begin = 0; begin < text.length; ) {
            int end = begin;
            while (end < text.length && text[end] != '\n') {
                end++;
            }
            row++;
            if (!isBlank(begin, end) && !(row == 1 && isHead(begin, end))) {
                draft.begin("row", row);
                row(begin, end);
                jobs.add(draft);
            }
            begin = end + 1;
        }
    }

    private boolean isBlank(int begin, int end) {
        return trimmedBegin(begin, end) == end;
    }

    private boolean isHead(int begin, int end) {
        return string(begin, end)
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[\" ]", "")
                .matches("name,arrival,service(,priority)?");
    }

    private void row(int begin, int end) {
        int count = split(begin, end);
        if (count < 3 || count > MOST_FIELDS) {
            throw draft.wrong("found " + count + (count == 1 ? " field" : " fields") + "; expected " + SHAPE);
        }
        draft.name(string(begins[0], ends[0]));
        for (int i = 1; i < count; i++) {
            if (begins[i] == ends[i]) {
                throw draft.wrong(NUMBERS[i - 1].text() + " is missing; expected " + SHAPE);
            }
            number(NUMBERS[i - 1], begins[i], ends[i]);
        }
    }

    /** Finds the fields and returns how many there are, also if they are too many to be kept. */
    private int split(int begin, int end) {
        int count = 0;
        int fieldBegin = begin;
        for (int at = begin; at <= end; at++) {
            if (at == end || text[at] == ',') {
                if (count < MOST_FIELDS) {
                    keep(count, fieldBegin, at);
                }
                count++;
                fieldBegin = at + 1;
            }
        }
        return count;
    }

    private void keep(int field, int begin, int end) {
        int first = trimmedBegin(begin, end);
        int last = end;
        while (last > first && text[last - 1] <= ' ' && text[last - 1] >= 0) {
            last--;
        }
        boolean quoted = last - first >= 2 && text[first] == '"' && text[last - 1] == '"';
        begins[field] = first + (quoted ? 1 : 0);
        ends[field] = last - (quoted ? 1 : 0);
    }

    private int trimmedBegin(int begin, int end) {
        int first = begin;
        while (first < end && text[first] <= ' ' && text[first] >= 0) {
            first++;
        }
        return first;
    }

    private void number(Field field, int begin, int end) {
        long value = 0;
        int at = begin;
        while (at < end && at - begin < QUICK_DIGITS && text[at] >= '0' && text[at] <= '9') {
            value = value * 10 + text[at++] - '0';
        }
        if (at == end) {
            draft.number(field, value);
        } else {
            draft.number(field, decimal(field, string(begin, end)));
        }
    }

    private BigDecimal decimal(Field field, String number) {
        try {
            return new BigDecimal(number);
        } catch (NumberFormatException e) {
            throw draft.wrong(field.text() + "=" + JobDraft.printable(number) + "; expected a number");
        }
    }

    private String string(int begin, int end) {
        return new String(text, begin, end - begin, StandardCharsets.UTF_8);
    }
}
