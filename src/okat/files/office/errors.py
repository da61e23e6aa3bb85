"""What can be wrong with a file or a cell: a code, the values that fill it, and the sentence in Thai and English."""

from __future__ import annotations

from dataclasses import dataclass

from okat.thai.errors import EXCERPT, Lang

# Each sentence says what is wrong and how to mend it.
MESSAGES: dict[str, tuple[str, str]] = {
    "file_empty": ("ไฟล์ว่างเปล่า ไม่มีข้อมูล", "the file is empty"),
    "file_too_large": (
        "ไฟล์มีขนาด {size} ไบต์ เกินที่รับได้ {limit} ไบต์ กรุณาแบ่งไฟล์",
        "the file has {size} bytes, more than the {limit} accepted; divide it",
    ),
    "file_unpacks_too_large": (
        "ไฟล์นี้คลายออกแล้วใหญ่ผิดปกติ (เกิน {limit} ไบต์) กรุณาคัดลอกตารางไปไว้ในไฟล์ใหม่",
        "the file unpacks to more than {limit} bytes; copy the table into a new file",
    ),
    "file_in_hand": (
        "ระบบกำลังอ่านอีกไฟล์ของสำนักงานหรือของคุณอยู่ อ่านได้ทีละไฟล์ รอครึ่งนาทีแล้วลองอีกครั้ง",
        "another file of your office, or of yours, is being read; one at a time: wait half a minute and try again",
    ),
    "file_needs_too_much": (
        "เปิดไฟล์นี้ไม่สำเร็จภายในหน่วยความจำและเวลาที่กำหนด กรุณาคัดลอกตารางไปไว้ในไฟล์ใหม่",
        "the file cannot be opened within the memory and time allowed; copy the table into a new file",
    ),
    "file_damaged": (
        "เปิดไฟล์ไม่ได้ ไฟล์อาจเสียหายหรือไม่ใช่ตาราง กรุณาบันทึกใหม่เป็น .xlsx",
        "the file cannot be opened; it may be damaged or no spreadsheet: save it again as .xlsx",
    ),
    "file_forbidden_xml": (
        "ไฟล์มีส่วนที่โปรแกรมตารางทั่วไปไม่สร้าง (DTD) จึงไม่เปิด กรุณาบันทึกใหม่เป็น .xlsx",
        "the file holds a part that no spreadsheet program writes (a DTD) and was not opened; save it again as .xlsx",
    ),
    "file_password": (
        "ไฟล์ล็อกด้วยรหัสผ่าน กรุณาเอารหัสผ่านออกแล้วบันทึกใหม่",
        "the file is locked by a password; remove it and save again",
    ),
    "file_html": (
        "ไฟล์นี้เป็นหน้าเว็บที่ตั้งชื่อเป็นตาราง กรุณาเปิดแล้วบันทึกใหม่เป็น .xlsx",
        "the file is a web page named like a spreadsheet; open it and save it as .xlsx",
    ),
    "file_type": (
        "ไม่รู้จักไฟล์ชนิดนี้ รับเฉพาะ .xlsx .xls .ods และ .csv",
        "this kind of file is not known; .xlsx, .xls, .ods and .csv are accepted",
    ),
    "file_encoding": (
        "อ่านตัวอักษรในไฟล์ไม่ได้ กรุณาบันทึกเป็น CSV UTF-8",
        "the characters of the file cannot be read; save it as CSV UTF-8",
    ),
    "file_mojibake": (
        "ตัวอักษรไทยในไฟล์เพี้ยน (เช่น “{value}”) กรุณาส่งออกใหม่จากต้นฉบับเป็น CSV UTF-8 หรือ .xlsx",
        "the Thai letters of the file are garbled (such as “{value}”); export it again as CSV UTF-8 or .xlsx",
    ),
    "sheet_unknown": (
        "ไม่มีแผ่นงานชื่อ “{value}” แผ่นงานที่มี: {names}",
        "there is no sheet “{value}”; the sheets are: {names}",
    ),
    "too_many_rows": (
        "แผ่นงานมี {count} แถว เกินที่รับได้ {limit} แถว กรุณาแบ่งไฟล์",
        "the sheet has {count} rows, more than the {limit} accepted; divide the file",
    ),
    "too_many_columns": (
        "ตารางมี {count} คอลัมน์ เกินที่รับได้ {limit} กรุณาลบคอลัมน์ที่ไม่ใช้",
        "the table has {count} columns, more than the {limit} accepted; delete those not in use",
    ),
    "cell_too_long": (
        "เซลล์ {cell} ยาว {count} ตัวอักษร เกินที่รับได้ {limit} (ถ้าเป็น CSV อาจลืมปิดเครื่องหมายคำพูด)",
        "cell {cell} has {count} characters, more than the {limit} accepted (in CSV a quote may be left open)",
    ),
    "csv_quote": (
        'เครื่องหมายคำพูด (") ในไฟล์ CSV เปิดแล้วไม่ปิดหรืออยู่ผิดที่ ใกล้แถว {row} กรุณาแก้แล้วบันทึกใหม่ หรือบันทึกเป็น .xlsx',
        "a quotation mark in the CSV is left open or out of place near row {row}; mend it, or save the table as .xlsx",
    ),
    "no_header": (
        "หาแถวหัวตารางไม่พบ ต้องมีแถวที่มีชื่อคอลัมน์อย่างน้อยสองคอลัมน์",
        "no header was found: one row must name at least two columns",
    ),
    "kind_unknown": ("ไม่รู้จักข้อมูลชนิด “{value}”", "there is no kind of data “{value}”"),
    "field_unknown": ("ไม่มีช่องข้อมูลชื่อ “{value}”", "there is no field “{value}”"),
    "column_unknown": ("ไม่มีคอลัมน์ “{value}” ในตาราง", "the table has no column “{value}”"),
    "field_twice": (
        "ช่องข้อมูล “{value}” ถูกเลือกให้มากกว่าหนึ่งคอลัมน์",
        "the field “{value}” is given to more than one column",
    ),
    # Cells and rows
    "required": ("ต้องมี “{label}”", "“{label}” is required"),
    "required_column": (
        "ไม่มีคอลัมน์ใดถูกอ่านเป็น “{label}” กรุณาเลือกว่าคอลัมน์ใดคือ “{label}” ที่ส่วนคอลัมน์ หรือแก้หัวคอลัมน์ในไฟล์",
        "no column is read as “{label}”: choose under Columns which one it is, or change its heading in the file",
    ),
    "too_long": (
        "“{label}” ยาว {count} ตัวอักษร เกินที่รับได้ {limit}",
        "“{label}” has {count} characters, more than the {limit} accepted",
    ),
    "choice_unknown": (
        "ไม่รู้จัก “{value}” ค่าที่ใช้ได้: {allowed_th}",
        "“{value}” is not known; use one of: {allowed_en}",
    ),
    "choice_like": (
        (
            "“{value}” อาจหมายถึง “{like_th}” แต่ไม่ใช่คำนั้น ถ้าใช่สำหรับแถวนี้จริง ให้เขียนคำนั้นคำเดียว "
            "ถ้าเป็นการปฏิเสธ ยังไม่แน่ หรือเป็นเรื่องของคนอื่น ให้ลบออกจากช่อง ค่าที่ใช้ได้: {allowed_th}"
        ),
        (
            "“{value}” may mean “{like_en}” and is not that word: where it holds for this row, write the word alone; "
            "where it is a no, a doubt or about somebody else, take it out of the cell; use one of: {allowed_en}"
        ),
    ),
    "choice_torn": (
        "“{value}” บอกทั้งว่ามีและไม่มี กรุณาเหลือไว้อย่างเดียว",
        "“{value}” says that there is something and that there is nothing: leave one of them",
    ),
    "choice_ambiguous": (
        "“{value}” อาจหมายถึงได้หลายอย่าง กรุณาเลือกหนึ่ง: {allowed_th}",
        "“{value}” may mean several things; choose one: {allowed_en}",
    ),
    "tick_unknown": (
        "อ่าน “{value}” เป็น ใช่/ไม่ใช่ ไม่ได้ กรุณาใส่ ✓ หรือเว้นว่าง",
        "“{value}” is neither yes nor no; write ✓ or leave it empty",
    ),
    "name_number": (
        "“{label}” มีแต่ตัวเลขหรือเครื่องหมาย กรุณาตรวจว่าเลือกคอลัมน์ถูกหรือไม่",
        "“{label}” holds digits or signs alone; see whether the right column was chosen",
    ),
    "url": ("“{value}” ไม่ใช่ที่อยู่เว็บ (ขึ้นต้นด้วย https://)", "“{value}” is no web address (https://...)"),
    "credits": (
        "“{value}” ไม่ใช่จำนวนหน่วยกิต กรุณาเขียนเป็นตัวเลข เช่น 3",
        "“{value}” is no number of credits; write a figure such as 3",
    ),
    "email": ("“{value}” ไม่ใช่ที่อยู่อีเมล", "“{value}” is no e-mail address"),
    "excel_error": (
        "เซลล์นี้เป็นสูตรที่คำนวณไม่ได้ ({value}) กรุณาพิมพ์ค่าแทน",
        "the cell is a formula with an error ({value}); type the value instead",
    ),
    "per_month": (
        "“{value}” ไม่ใช่จำนวนต่อเดือน กรุณาคิดเป็นบาทต่อเดือน",
        "“{value}” is not per month; give baht per month",
    ),
    "heading_per_month": (
        "หัวคอลัมน์บอกว่าไม่ใช่จำนวนต่อเดือน กรุณาแก้ทั้งคอลัมน์เป็นบาทต่อเดือนและแก้หัวคอลัมน์ หรือเลือกไม่อ่านคอลัมน์นี้",
        "the heading says that this is not per month; give it per month and say so there, or leave the column out",
    ),
    "heading_two_units": (
        "หัวคอลัมน์บอกหลายหน่วย กรุณาบอกในช่องว่า “{value}” ต่ออะไร เช่น “350 บาท/วัน”",
        "the heading names several units: say in the cell what “{value}” is for, as in “350 บาท/วัน”",
    ),
    "ends_before_start": ("“{label}” อยู่ก่อนวันเริ่ม", "“{label}” lies before the start"),
    "age_reversed": ("อายุต่ำสุดมากกว่าอายุสูงสุด", "the lowest age is above the highest"),
    "age_out_of_range": ("อายุ {value} ปี อยู่นอกช่วง 0–130", "an age of {value} is outside 0-130"),
    "date_future": ("“{label}” {day_th} อยู่ในอนาคต", "“{label}” {day_en} lies in the future"),
    "date_too_early": (
        "ปีใน “{label}” เป็น ค.ศ. {value} โปรแกรมตารางอาจอ่านปีสองหลักผิด กรุณาพิมพ์ปีให้ครบสี่หลัก",
        "“{label}” is in the year {value}: the spreadsheet may have misread two digits; type the year in full",
    ),
    "duplicate_pin": (
        "เลขประจำตัวซ้ำกับแถว {other}",
        "the identity number is the same as in row {other}",
    ),
    # Rows that are left out
    "left_title": ("ข้อความเหนือหัวตาราง", "text above the header"),
    "left_total": ("แถวรวมยอด", "a total"),
    "left_note": ("หมายเหตุหรือข้อความท้ายตาราง", "a note below the table"),
    "left_numbering": ("แถวเลขกำกับคอลัมน์", "numbers of the columns"),
    "left_header": ("หัวตารางซ้ำ", "the header again"),
    "left_vacant": ("แถวที่ยังไม่มีใคร", "a line on which nobody is written"),
    "left_section": ("หัวข้อคั่นในตาราง", "a heading between the rows"),
    "says_gone_asked": (
        (
            "คอลัมน์ “{heading}” บอกว่าคนนี้อาจเสียชีวิตหรือย้ายออกแล้ว ถ้าใช่ กรุณาเอาแถวนี้ออกจากไฟล์ ถ้าไม่ใช่ "
            "ให้เลือกว่าคอลัมน์นี้คืออะไร หรือเลือกไม่อ่าน แล้วกดใช้คอลัมน์ตามนี้"
        ),
        (
            "the column “{heading}” says that this person may have died or moved away: if so, take the row out; if "
            "not, choose what the column is, or leave it out, and keep these columns"
        ),
    ),
    # Warnings
    "says_gone": (
        "คอลัมน์ “{heading}” บอกว่าคนนี้อาจเสียชีวิตหรือย้ายออกแล้ว แต่แถวนี้จะนำเข้า ถ้าใช่ กรุณาเอาแถวนี้ออกจากไฟล์",
        (
            "the column “{heading}” says that this person may have died or moved away, and the row goes in: take it "
            "out if so"
        ),
    ),
    "pin_check_digit": (
        "เลขตรวจสอบ (หลักสุดท้าย) ไม่ตรง กรุณาเทียบกับบัตร",
        "the check digit (the last one) does not fit; compare with the card",
    ),
    "pin_zeros": (
        "เลขประจำตัวลงท้ายด้วยศูนย์หลายตัว โปรแกรมตารางอาจทำตัวเลขหาย กรุณาเทียบกับบัตร",
        "the number ends in many zeros: a spreadsheet may have lost its digits; compare with the card",
    ),
    "pin_first_digit": (
        "เลขขึ้นต้นด้วย {value} ไม่ใช่เลขของผู้มีสัญชาติไทยทั่วไป กรุณาตรวจสอบ",
        "the number begins with {value}, which is unusual; please check",
    ),
    "consent_column_unsaid": (
        (
            "หัวคอลัมน์ “{value}” พูดถึงความยินยอม การปฏิเสธ หรือการเปิดเผย กรุณาเลือกก่อนว่าเป็นคอลัมน์อะไร: ให้ความยินยอม, "
            "ไม่ยินยอมหรือถอน, หรือไม่อ่าน (ไม่เกี่ยวกับการเก็บข้อมูล) ก่อนเลือก ทั้งไฟล์จะยังไม่นำเข้า"
        ),
        (
            "the heading “{value}” speaks of consent, refusal or disclosure: first say what the column is: consent "
            "given, refused or withdrawn, or left out (not about keeping the record); until then nothing goes in"
        ),
    ),
    "refusal_found": (
        (
            "ช่องนี้เขียนว่าไม่ยินยอม ปฏิเสธ หรือถอน จึงไม่นำเข้าแถวนี้ กรุณาลบแถวออก "
            "ถ้าเป็นเรื่องอื่นที่ไม่ใช่การเก็บข้อมูล กรุณาลบข้อความนี้ออกจากช่องแล้วส่งใหม่"
        ),
        (
            "this cell says no, or takes a consent back, so the row does not go in: take the row out; if it is about "
            "something other than keeping the record, take the words out of the cell and send the file again"
        ),
    ),
    "refusal_beside": (
        ("ข้อความในแถวนี้พูดถึงการไม่ยินยอม ปฏิเสธ หรือถอน กรุณาดูว่าหมายถึงใคร ลบแถวของคนเหล่านั้นและข้อความนี้ แล้วส่งใหม่"),
        (
            "the text of this row speaks of a refusal or a withdrawal: see whom it means, take their rows and this "
            "text out, and send the file again"
        ),
    ),
    "refusal_named": (
        (
            "ชื่อแผ่นงาน “{value}” พูดถึงการไม่ยินยอม ปฏิเสธ หรือถอน ถ้าเป็นรายชื่อของคนเหล่านั้น อย่านำเข้า "
            "ถ้าไม่ใช่ กรุณาเปลี่ยนชื่อแผ่นงานแล้วส่งใหม่"
        ),
        (
            "the sheet is named “{value}”, which speaks of a refusal or a withdrawal: do not import the people of such "
            "a list; where it is none, give the sheet another name and send it again"
        ),
    ),
    "refusal_spoken": (
        "“{value}” พูดถึงการไม่ยินยอม ปฏิเสธ หรือถอน กรุณาดูว่าหมายถึงใคร ก่อนนำเข้าให้ลบแถวของคนเหล่านั้นออก",
        "“{value}” speaks of a refusal or a withdrawal: see whom it means, and take their rows out before the import",
    ),
    "gone_spoken": (
        "“{value}” พูดถึงคนที่เสียชีวิตหรือย้ายออก กรุณาดูว่าหมายถึงใคร ก่อนนำเข้าให้ลบแถวของคนเหล่านั้นออก",
        (
            "“{value}” speaks of people who died or moved away: see whom it means, and take their rows out before the "
            "import"
        ),
    ),
    "gone_beside": (
        "ข้อความในแถวนี้พูดถึงคนที่เสียชีวิตหรือย้ายออก กรุณาดูว่าหมายถึงใคร ลบแถวของคนเหล่านั้นและข้อความนี้ แล้วส่งใหม่",
        (
            "the text of this row speaks of people who died or moved away: see whom it means, take their rows and this "
            "text out, and send the file again"
        ),
    ),
    "gone_named": (
        ("ชื่อแผ่นงาน “{value}” พูดถึงคนที่เสียชีวิตหรือย้ายออก ถ้าเป็นรายชื่อของคนเหล่านั้น อย่านำเข้า ถ้าไม่ใช่ กรุณาเปลี่ยนชื่อแผ่นงานแล้วส่งใหม่"),
        (
            "the sheet is named “{value}”, which speaks of people who died or moved away: do not import the people of "
            "such a list; where it is none, give the sheet another name and send it again"
        ),
    ),
    "says_gone_named": (
        "ช่องชื่อบอกว่าเสียชีวิตหรือย้ายออก กรุณาลบแถวออก ถ้ายังอยู่ ให้ลบคำนั้นออกจากช่องชื่อแล้วส่งใหม่",
        (
            "the cell of the name says that somebody died or moved away: take the row out; if they are here, take "
            "those words out of the cell and send the file again"
        ),
    ),
    "consent_refused": (
        "ไม่ยินยอมให้เก็บข้อมูล หรือถอนแล้ว กรุณาลบแถวนี้ออก",
        "consent was refused or taken back: take this row out of the file",
    ),
    "note_holds_no": (
        "ช่องนี้มีคำปฏิเสธ กรุณาอ่านว่าพูดถึงการเก็บข้อมูลหรือไม่ ถ้าใช่ ให้ลบแถวนี้ออกก่อนนำเข้า",
        (
            "these notes hold a no: read whether it speaks of keeping the record; if it does, take the row out before "
            "the import"
        ),
    ),
    "name_unknown": (
        "“{value}” ไม่ใช่ชื่อคน กรุณาใส่ชื่อที่เรียกกัน หรือลบแถวนี้ออก",
        "“{value}” is nobody's name: write the name by which they are called, or take the row out",
    ),
    "name_second": (
        "ในช่องชื่อมีคนที่สองอยู่ด้วย นำเข้าเฉพาะคนแรก กรุณาแยกคนที่สองเป็นอีกแถว",
        "a second person stands in the cell of the name; only the first goes in: give the second a row of their own",
    ),
    "name_led": (
        "ชื่อขึ้นต้นด้วยคำที่ไม่ใช่ชื่อ เช่น ครอบครัว ตำแหน่ง หรือญาติของใคร กรุณาดูว่าหมายถึงใคร แล้วใส่เฉพาะชื่อของคนนั้น",
        (
            "the name begins with a family, an office or whose relative it is: see whom it means and write only the "
            "name of that person"
        ),
    ),
    "title_child": (
        "คำนำหน้าเป็น “{title}” แต่อายุ 15 ปีขึ้นไป กรุณาตรวจคำนำหน้าและอายุ อาจเป็นอายุของผู้ปกครอง",
        "titled “{title}” and aged 15 or more: check the title and the age, which may be that of a parent",
    ),
    "consent_unclear": (
        (
            "อ่าน “{value}” เป็นยินยอมหรือไม่ยินยอมไม่ได้ เขียน “ยินยอม” เฉพาะคนที่ตอบแล้วว่ายินยอม เขียน “ไม่ยินยอม” ถ้าปฏิเสธ "
            "ถ้ายังไม่ได้ถามหรือยังรอคำตอบ ให้เว้นว่าง อย่าใส่เครื่องหมายแทนเจ้าตัว"
        ),
        (
            "“{value}” is neither a yes nor a no to consent: write “yes” only for who has agreed, “no” for who "
            "refused; leave it empty for who was not asked or has not answered, and mark nobody in their place"
        ),
    ),
    "consent_unworded": (
        (
            "หัวคอลัมน์นี้มีคำปฏิเสธ “{value}” จึงหมายถึงได้ทั้งสองอย่าง กรุณาเขียนเป็นคำ “ยินยอม” หรือ “ไม่ยินยอม” "
            "หรือเลือกให้คอลัมน์นี้เป็นช่องไม่ยินยอม"
        ),
        (
            "the heading holds a no, so “{value}” may mean either: write “consent” or “no consent” in words, or choose "
            "that the column is one of refusals"
        ),
    ),
    "refusal_unclear": (
        "อ่าน “{value}” ในช่องไม่ยินยอมไม่ได้ ใส่ ✓ ถ้าไม่ยินยอมหรือถอนแล้ว เว้นว่างถ้าไม่ใช่",
        "“{value}” cannot be read in a column of refusals: write ✓ for who refused or withdrew, else leave it empty",
    ),
    "title_twice": (
        "ช่องชื่อมีคำนำหน้า “{title}” อีก จึงตัดออกจากชื่อ ถ้าเป็นส่วนหนึ่งของชื่อ กรุณาแก้หลังนำเข้า",
        "the given name begins with the title “{title}” once more, so it is cut; put it right where it is a part of it",
    ),
    "name_turned": (
        ("ในช่องชื่อมีเครื่องหมายจุลภาค อ่านเป็นชื่อ “{given}” นามสกุล “{family}” ถ้าเขียนสลับกัน กรุณาแยกเป็นคอลัมน์ชื่อกับคอลัมน์นามสกุล"),
        (
            "there is a comma in the name: read as given name “{given}” and family name “{family}”; if it is the other "
            "way round, use a column for given names and one for family names"
        ),
    ),
    "name_doubtful": (
        (
            "ในช่องชื่อมีคำเกินชื่อกับนามสกุล อ่านเป็นชื่อ “{given}” นามสกุล “{family}” คำที่เหลือเก็บไว้ในบันทึกที่ปิดผนึก "
            "ถ้าเป็นส่วนหนึ่งของชื่อ กรุณาแยกเป็นคอลัมน์ชื่อกับคอลัมน์นามสกุล"
        ),
        (
            "more words than a given and a family name: read as “{given}” and “{family}”, the rest is in the sealed "
            "note; if it belongs to the name, use a column for given names and one for family names"
        ),
    ),
    "aside": (
        "ข้อความที่อยู่ข้างชื่อเก็บไว้ในบันทึกที่ปิดผนึก ไม่แสดงกับชื่อ ถ้าเป็นชื่อเล่น กรุณาเขียน “(ชื่อเล่น …)” หรือใส่คอลัมน์ชื่อเล่น",
        (
            "what stands beside the name is kept in the sealed note and not shown with it; "
            "write a nickname as “(ชื่อเล่น …)” or in a column of its own"
        ),
    ),
    "birth_century": (
        "ปีเกิดมีสองหลัก อ่านเป็น พ.ศ. {year} (อายุ {age} ปี) ถ้าไม่ใช่ กรุณาพิมพ์ปีให้ครบสี่หลัก",
        "the birth year has two digits and was read as B.E. {year} (aged {age}); if that is wrong, type all four",
    ),
    "said_twice": (
        "“{label}” มีสองช่องและไม่เหมือนกัน ใช้ช่องแรก อีกช่องเก็บไว้ในบันทึก",
        "“{label}” stands in two cells that differ; the first is used, the other is kept in the note",
    ),
    "row_hidden": (
        "แถวนี้ซ่อนอยู่หรือถูกกรองออกในไฟล์ แต่จะนำเข้าด้วย ถ้าไม่ต้องการ กรุณาลบแถวนี้ออกจากไฟล์",
        "this row is hidden or filtered out in the file, and goes in all the same; delete it if it should not",
    ),
    "said_twice_shown": (
        "“{label}” มีสองช่องและไม่เหมือนกัน ใช้ช่องแรก อีกช่องอยู่ในรายละเอียดที่ทุกคนอ่านได้ ถ้าไม่ควรแสดง กรุณาลบออกจากไฟล์",
        (
            "“{label}” stands in two cells that differ; the first is used, the other stands in the description, which "
            "everybody reads: take it out of the file where it should not"
        ),
    ),
    "duplicate_row": ("เหมือนกับแถว {other} ทุกช่อง", "the same as row {other} in every field"),
    "phone_zero": ("เติมเลข 0 ข้างหน้าที่โปรแกรมตารางตัดทิ้ง", "the leading 0 that the spreadsheet dropped was added"),
}


def sentence(code: str, lang: Lang, params: dict[str, object]) -> str:
    """The sentence of a code, filled, in Thai or English."""
    thai, english = MESSAGES[code]
    return (thai if lang == "th" else english).format(**params)


def excerpt(value: object) -> str:
    """At most EXCERPT characters of a value, for messages."""
    text = str(value)
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


class OfficeError(Exception):
    """A file, a mapping or a cell that cannot be used. `code` is a key of MESSAGES."""

    def __init__(self, code: str, value: object = "", **params: object) -> None:
        self.code = code
        self.params: dict[str, object] = {"value": excerpt(value), **params}
        super().__init__(self.message("en"))

    def message(self, lang: Lang = "th") -> str:
        """The sentence for people."""
        return sentence(self.code, lang, self.params)


class CellError(OfficeError):
    """One cell that cannot be read; `parse_rows` turns it into a RowError."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What to mend, and where: `row` as the spreadsheet program numbers it, `column` its letter ("" for
    the whole row), `file` the one inside a package of several."""

    row: int
    column: str
    heading: str
    field: str
    code: str
    message_th: str
    message_en: str
    value: str = ""
    file: str = ""

    def message(self, lang: Lang = "th") -> str:
        """The sentence for people."""
        return self.message_th if lang == "th" else self.message_en
